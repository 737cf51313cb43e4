/** Models, what they can do, how demanding a prompt is, and how calls to their providers fail. */
@NullMarked
package dev.architect.model;

import org.jspecify.annotations.NullMarked;
