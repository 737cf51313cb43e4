/** Jobs: operations on many tasks that go on by themselves, and after a restart. */
@NullMarked
package dev.architect.job;

import org.jspecify.annotations.NullMarked;
