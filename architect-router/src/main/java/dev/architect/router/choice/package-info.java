/** Chooses between a cheap and a strong model by what was learned from outcomes. */
@NullMarked
package dev.architect.router.choice;

import org.jspecify.annotations.NullMarked;
