/** Models, what they can do, how much a prompt asks of them, and how calls to their providers fail. */
@NullMarked
package dev.architect.model;

import org.jspecify.annotations.NullMarked;
