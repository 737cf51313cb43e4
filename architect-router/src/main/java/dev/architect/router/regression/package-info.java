/** Models that predict numbers from the counts and the words of a text: their training, and their form in a model file. */
@NullMarked
package dev.architect.router.regression;

import org.jspecify.annotations.NullMarked;
