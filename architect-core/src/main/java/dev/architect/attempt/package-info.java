/** Attempts at tasks: what a node claims, the token that proves it, and how an attempt ends. */
@NullMarked
package dev.architect.attempt;

import org.jspecify.annotations.NullMarked;
