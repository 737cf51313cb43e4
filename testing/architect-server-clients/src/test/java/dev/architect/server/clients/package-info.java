/** The vendors' own clients against the model gateway. */
@NullMarked
package dev.architect.server.clients;

import org.jspecify.annotations.NullMarked;
