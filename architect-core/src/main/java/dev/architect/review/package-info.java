/** Reviews: what a person must decide before it is done, the decisions, and the rules that spare them. */
@NullMarked
package dev.architect.review;

import org.jspecify.annotations.NullMarked;
