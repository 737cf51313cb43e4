/** Limits that several nodes share: a store grants each of them slices for a short time. */
@NullMarked
package dev.architect.quota;

import org.jspecify.annotations.NullMarked;
