/**  columns, labels, custom fields and views. */
@NullMarked
package dev.architect.project.board;

import org.jspecify.annotations.NullMarked;
