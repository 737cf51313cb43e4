/** How complex a prompt is, and why. */
@NullMarked
package dev.architect.router.classification;

import org.jspecify.annotations.NullMarked;
