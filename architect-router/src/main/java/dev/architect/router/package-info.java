/** Turns a request into an answer: classifies it, orders the candidate models by cost, fails over and prices. */
@NullMarked
package dev.architect.router;

import org.jspecify.annotations.NullMarked;
