/** What calls cost: prices of models and estimates of tokens. */
@NullMarked
package dev.architect.router.cost;

import org.jspecify.annotations.NullMarked;
