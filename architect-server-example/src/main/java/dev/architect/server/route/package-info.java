/** Routes of requests over HTTP: what would be chosen and why, what was, and how good the answers were. */
@NullMarked
package dev.architect.server.route;

import org.jspecify.annotations.NullMarked;
