/** Turns recorded answers of real models into the file that the provider simulator replays. */
@NullMarked
package dev.architect.cli.dataset;

import org.jspecify.annotations.NullMarked;
