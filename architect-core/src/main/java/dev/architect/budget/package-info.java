/** Budgets: limits on money, from which every call reserves what it may cost, and where it settles what it did cost. */
@NullMarked
package dev.architect.budget;

import org.jspecify.annotations.NullMarked;
