/* wiring.h — hands the departments what they ask others for at run time; once, at start. */
#pragma once
void wiring_use(void);
