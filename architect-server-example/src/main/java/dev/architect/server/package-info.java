/** An HTTP server over one {@link dev.architect.Architect}: REST, metrics, live pages. */
@NullMarked
package dev.architect.server;

import org.jspecify.annotations.NullMarked;
