/** Builds an Architect from what the command line says, with or without its server. */
@NullMarked
package dev.architect.cli.launch;

import org.jspecify.annotations.NullMarked;
