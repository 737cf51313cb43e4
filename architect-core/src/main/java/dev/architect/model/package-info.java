/** Models, what they can do, and how calls to their providers fail. */
@NullMarked
package dev.architect.model;

import org.jspecify.annotations.NullMarked;
