/** Projects, boards, items and milestones. */
@NullMarked
package dev.architect.cli.project;

import org.jspecify.annotations.NullMarked;
