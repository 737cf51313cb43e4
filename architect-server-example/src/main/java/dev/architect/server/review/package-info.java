/** Reviews and approval rules over REST. */
@NullMarked
package dev.architect.server.review;

import org.jspecify.annotations.NullMarked;
