/** Which models may answer a request, in which order, and why. */
@NullMarked
package dev.architect.route;

import org.jspecify.annotations.NullMarked;
