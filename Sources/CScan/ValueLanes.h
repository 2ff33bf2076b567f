// Values in the lanes of a vector, compiled once for each set of instructions: TARGET names them, LANES is how many values of eight bytes a
// vector takes, and NAMED gives names of their own.

typedef uint64_t NAMED(lanes) __attribute__((vector_size(8 * LANES)));
#define lanes NAMED(lanes)

/// Bits of the bytes that are no digits.
TARGET static inline lanes NAMED(no_digits)(lanes words) {
  const lanes digits = words ^ 0x3030303030303030;
  return (digits | (digits + 0x0606060606060606)) & 0xF0F0F0F0F0F0F0F0;
}

/// Bits where the lower five bytes are no code: digits, at either end a capital letter too.
TARGET static inline lanes NAMED(no_code)(lanes code) {
  const lanes first = code & 0xFF, last = code >> 32 & 0xFF;
  return (NAMED(no_digits)(code) & 0x00F0F0F000) | ((lanes)(first - 0x30 > 9) & (lanes)(first - 0x41 > 25)) |
         ((lanes)(last - 0x30 > 9) & (lanes)(last - 0x41 > 25));
}

/// Bits where eight bytes are no day of 1900 to 2199 as `20260131`, or the 29th of February.
TARGET static inline lanes NAMED(no_day)(lanes digits) {
  // Century, year, month and day, each in sixteen bits.
  const lanes tens = digits & 0x000F000F000F000F, ones = digits >> 8 & 0x000F000F000F000F;
  const lanes pairs = (tens << 3) + (tens << 1) + ones;
  const lanes month = pairs >> 32 & 0xFF;
  // How many days more than 28 a month has, two bits a month.
  const lanes days = 28 + (((lanes){0} + 0x3BBEECC) >> (2 * month & 63) & 3);
  return NAMED(no_digits)(digits) | (lanes)((pairs & 0xFF) - 19 >= 3) | (lanes)(month - 1 >= 12) | (lanes)((pairs >> 48) - 1 >= days);
}
