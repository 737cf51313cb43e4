/** The REST interface. */
@NullMarked
package dev.architect.server.api;

import org.jspecify.annotations.NullMarked;
