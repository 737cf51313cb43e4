/** Dates that a project promises, and how far it is. */
@NullMarked
package dev.architect.project.milestone;

import org.jspecify.annotations.NullMarked;
