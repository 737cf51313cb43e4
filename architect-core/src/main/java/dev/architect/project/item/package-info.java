/** Features, bugs and chores, and what stands beside them. */
@NullMarked
package dev.architect.project.item;

import org.jspecify.annotations.NullMarked;
