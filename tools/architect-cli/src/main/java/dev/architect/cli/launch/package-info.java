/** Builds an Architect from the command line, with or without its server. */
@NullMarked
package dev.architect.cli.launch;

import org.jspecify.annotations.NullMarked;
