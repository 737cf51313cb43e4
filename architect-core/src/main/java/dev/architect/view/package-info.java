/** Views of pages that people have saved under names. */
@NullMarked
package dev.architect.view;

import org.jspecify.annotations.NullMarked;
