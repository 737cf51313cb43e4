/** What may be done with projects, boards and items, and what follows from it. */
@NullMarked
package dev.architect.project.rule;

import org.jspecify.annotations.NullMarked;
