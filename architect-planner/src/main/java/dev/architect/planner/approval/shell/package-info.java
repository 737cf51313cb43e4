/**
 * Texts of shell commands, read twice: a strict reader understands a small part of the language completely, a loose one hunts
 * words in anything.
 */
@NullMarked
package dev.architect.planner.approval.shell;

import org.jspecify.annotations.NullMarked;
