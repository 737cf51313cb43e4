/** What every command shares: where it reads and writes, how it fails and how it is stopped. */
@NullMarked
package dev.architect.cli.terminal;

import org.jspecify.annotations.NullMarked;
