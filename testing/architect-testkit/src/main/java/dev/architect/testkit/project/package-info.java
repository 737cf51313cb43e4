/** The contract of stores that keep projects. */
@NullMarked
package dev.architect.testkit.project;

import org.jspecify.annotations.NullMarked;
