/** Paths of files as the kernel and as a person read them, their patterns, and addresses that every client reads alike. */
@NullMarked
package dev.architect.planner.approval.path;

import org.jspecify.annotations.NullMarked;
