/** Paths of files as the kernel and as a person read them, and the patterns that rules have for them. */
@NullMarked
package dev.architect.planner.approval.path;

import org.jspecify.annotations.NullMarked;
