/** The commands {@code gaia user}, {@code gaia token} and {@code gaia audit}. */
@NullMarked
package dev.architect.cli.access;

import org.jspecify.annotations.NullMarked;
