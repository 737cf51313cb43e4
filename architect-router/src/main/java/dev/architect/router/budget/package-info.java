/** Budgets before each call: what it may cost is reserved, and settled by what it did cost. */
@NullMarked
package dev.architect.router.budget;

import org.jspecify.annotations.NullMarked;
