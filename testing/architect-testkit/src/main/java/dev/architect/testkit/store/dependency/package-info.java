/** The part of the store contract that is about tasks that wait for others. */
@NullMarked
package dev.architect.testkit.store.dependency;

import org.jspecify.annotations.NullMarked;
