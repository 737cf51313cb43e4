/** How good a router is: what it recovers of the gap between two models, and at which share of strong answers. */
@NullMarked
package dev.architect.router.evaluation;

import org.jspecify.annotations.NullMarked;
