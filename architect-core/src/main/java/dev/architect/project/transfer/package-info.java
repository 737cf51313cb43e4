/** What is carried from other programs and stores into projects, and out of them. */
@NullMarked
package dev.architect.project.transfer;

import org.jspecify.annotations.NullMarked;
