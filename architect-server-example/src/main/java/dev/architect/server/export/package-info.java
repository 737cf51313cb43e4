/** Exports over HTTP: lists that are written to files in the background. */
@NullMarked
package dev.architect.server.export;

import org.jspecify.annotations.NullMarked;
