#!/usr/bin/perl
# Runs a program that may create and write files only below the given folders:
#   landlock.pl [--write DIR]... -- PROGRAM ARGS...
# Reading and deleting stay as the file modes allow. A folder's mode cannot permit deleting without permitting creating;
# the kernel's Landlock (Linux >= 5.13) can. Exit 78 when the kernel cannot.
use strict;
use warnings;
use Fcntl qw(O_RDONLY O_DIRECTORY);

# Numbers of include/uapi/linux/landlock.h; the system calls have the same number on every architecture.
my ($CREATE_RULESET, $ADD_RULE, $RESTRICT_SELF) = (444, 445, 446);
my ($CREATE_RULESET_VERSION, $RULE_PATH_BENEATH) = (1, 1);
my ($WRITE_FILE, $REFER, $TRUNCATE) = (1 << 1, 1 << 13, 1 << 14);
# Character device, folder, regular file, socket, fifo, block device, symbolic link.
my $MAKE_ANY = 0;
$MAKE_ANY |= 1 << $_ for 6 .. 12;

my @folders;
while (@ARGV && $ARGV[0] eq '--write') {
    shift @ARGV;
    push @folders, shift @ARGV;
}
die "usage: landlock.pl [--write DIR]... -- PROGRAM ARGS...\n" unless @ARGV > 1 && shift @ARGV eq '--';

my $version = syscall($CREATE_RULESET, 0, 0, $CREATE_RULESET_VERSION);
if ($version < 1) {
    print STDERR "landlock.pl: this kernel has no Landlock ($!)\n";
    exit 78;
}
my $handled = $WRITE_FILE | $MAKE_ANY;
$handled |= $REFER    if $version >= 2;
$handled |= $TRUNCATE if $version >= 3;
my $allowed = $handled & ~$REFER;

my $attributes = pack('Q', $handled);
my $ruleset = syscall($CREATE_RULESET, $attributes, length $attributes, 0);
die "landlock.pl: ruleset: $!\n" if $ruleset < 0;
for my $folder (@folders) {
    sysopen(my $handle, $folder, O_RDONLY | O_DIRECTORY) or die "landlock.pl: $folder: $!\n";
    my $rule = pack('Ql', $allowed, fileno $handle);
    syscall($ADD_RULE, $ruleset, $RULE_PATH_BENEATH, $rule, 0) == 0 or die "landlock.pl: $folder: $!\n";
}
syscall($RESTRICT_SELF, $ruleset, 0) == 0 or die "landlock.pl: restrict: $!\n";
exec { $ARGV[0] } @ARGV or die "landlock.pl: $ARGV[0]: $!\n";
