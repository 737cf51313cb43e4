/** Puts an Architect together from what the command line and the environment say. */
@NullMarked
package dev.architect.cli.house;

import org.jspecify.annotations.NullMarked;
