/** The resources of projects, boards, items and milestones. */
@NullMarked
package dev.architect.server.project;

import org.jspecify.annotations.NullMarked;
