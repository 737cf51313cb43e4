/** The gaia command: its entry, and the commands that stand for themselves. */
@NullMarked
package dev.architect.cli;

import org.jspecify.annotations.NullMarked;
