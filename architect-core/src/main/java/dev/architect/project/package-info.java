/** What work and money are filed under. */
@NullMarked
package dev.architect.project;

import org.jspecify.annotations.NullMarked;
