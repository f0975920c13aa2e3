// SPDX-License-Identifier: GPL-2.0-only
// Guests that misbehave on purpose, one for each way in which a machine can end.
//
// It is the init of a guest. Arguments: what to do, and the verdict channel as the suite's own
// guest takes it ("--verdicts CHANNEL"). `behaviours` below lists what it can do.
#include <dirent.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/reboot.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <termios.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <map>
#include <string>
#include <vector>

namespace {

int channel = -1;
std::vector<std::string> rest;  // arguments that are neither behaviour nor channel

void writeAll(int descriptor, const std::string& text) {
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t size = write(descriptor, text.data() + done, text.size() - done);
    if (size <= 0) return;
    done += static_cast<std::size_t>(size);
  }
}

void say(const std::string& line) {
  writeAll(channel, line + '\n');
}

void sayHello() {
  say(R"({"event":"hello","protocol":1,"kernel":"test","cases":1})");
}
void sayEnd() {
  say(R"({"event":"end","verdicts":1})");
}

void putInto(const char* file, const std::string& text) {
  std::ofstream(file) << text;
}

// A line that the kernel prints on its console as if it were its own.
void printk(const std::string& line) {
  putInto("/dev/kmsg", "<2>" + line);
}

[[noreturn]] void powerOff() {
  tcdrain(channel);
  sync();
  reboot(LINUX_REBOOT_CMD_POWER_OFF);
  _exit(1);
}

[[noreturn]] void sleepForever() {
  for (;;) pause();
}

// The device node of a virtio-serial port, found by the name that QEMU gave it.
std::string virtioPort(const std::string& name) {
  const std::string ports = "/sys/class/virtio-ports";
  DIR* directory = opendir(ports.c_str());
  if (directory == nullptr) return "";
  std::string found;
  while (const dirent* entry = readdir(directory)) {
    std::string port;
    std::getline(std::ifstream(ports + '/' + entry->d_name + "/name"), port);
    if (port == name) found = std::string("/dev/") + entry->d_name;
  }
  closedir(directory);
  return found;
}

int openRaw(const std::string& path) {
  const int descriptor = open(path.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC);
  termios settings = {};
  if (tcgetattr(descriptor, &settings) == 0) {
    cfmakeraw(&settings);
    tcsetattr(descriptor, TCSANOW, &settings);
  }
  return descriptor;
}

void openChannel(const std::string& name) {
  channel = openRaw(name.starts_with('/') ? name : virtioPort(name));
}

void pass() {
  sayHello();
  say(R"({"event":"verdict","case":"Self.Test","verdict":"pass"})");
  // Every byte must arrive unchanged.
  std::string bytes;
  for (int byte = 1; byte < 256; ++byte) {
    if (byte != '\n') bytes += static_cast<char>(byte);
  }
  say(bytes);
  sayEnd();
  powerOff();
}

void panic() {
  sayHello();
  tcdrain(channel);
  _exit(3);  // "Attempted to kill init!"
}

void panicAfterEnd() {
  sayHello();
  sayEnd();
  tcdrain(channel);
  _exit(3);
}

void hang() {
  sayHello();
  sleepForever();
}

void spin() {
  sayHello();
  tcdrain(channel);
  for (volatile bool forever = true; forever;) {
  }
}

void silent() {
  sleepForever();
}

void floodConsole() {
  sayHello();
  const int console = open("/dev/console", O_WRONLY | O_NOCTTY);
  const std::string text(4000, 'x');
  for (;;) writeAll(console, text + '\n');
}

void floodChannel() {
  sayHello();
  const std::string text(4096, 'x');
  for (;;) writeAll(channel, text);
}

// A real WARNING would need a kernel with test modules; what the kernel prints for one takes the
// same path as this.
void warn() {
  sayHello();
  printk("WARNING: CPU: 0 PID: 1 at fs/overlayfs/super.c:123 ovl_sync_fs+0x1/0x2");
  say(R"({"event":"verdict","case":"Self.Test","verdict":"pass"})");
  sayEnd();
  powerOff();
}

void powerOffEarly() {
  sayHello();
  powerOff();
}

void restartEarly() {
  sayHello();
  tcdrain(channel);
  reboot(LINUX_REBOOT_CMD_RESTART);
}

void breakOff() {
  sayHello();
  writeAll(channel, R"({"event":"verdict","case":"Self)");
  powerOff();
}

void endAndStay() {
  sayHello();
  sayEnd();
  sleepForever();
}

// Sends what the machine passed to it.
void sayArguments() {
  sayHello();
  for (const std::string& argument : rest) say(argument);
  sayEnd();
  powerOff();
}

void sayDisks() {
  sayHello();
  for (const std::string& disk : rest) {
    std::string content(32, '\0');
    const int device = open(disk.c_str(), O_RDONLY | O_CLOEXEC);
    const ssize_t size = read(device, content.data(), content.size());
    int read_only = 0;
    ioctl(device, BLKROGET, &read_only);
    close(device);
    say(disk + ": " + (size > 0 ? content.c_str() : "nothing") +
        (read_only != 0 ? " read-only" : " writable"));
  }
  sayEnd();
  powerOff();
}

void writeToDisks() {
  sayHello();
  for (const std::string& disk : rest) {
    const int device = open(disk.c_str(), O_WRONLY | O_CLOEXEC);
    const bool written = write(device, "written", 7) == 7 && fsync(device) == 0;
    close(device);
    say(disk + (written ? " written" : " not written"));
  }
  sayEnd();
  powerOff();
}

void sayProcessors() {
  sayHello();
  say(std::to_string(sysconf(_SC_NPROCESSORS_ONLN)));
  sayEnd();
  powerOff();
}

void echoOnTerminal() {
  const int terminal = openRaw(rest.front());
  sayHello();
  for (char byte = 0; byte != '\n' && read(terminal, &byte, 1) == 1;) {
    writeAll(terminal, std::string(1, byte));
  }
  tcdrain(terminal);
  sayEnd();
  powerOff();
}

const std::map<std::string, void (*)()> behaviours = {
    {"pass", pass},                      // all is well
    {"panic", panic},                    // init ends, and the kernel panics
    {"panic-after-end", panicAfterEnd},  // the same after everything was sent
    {"hang", hang},                      // says hello and sleeps forever
    {"spin", spin},                      // the same, with the processor busy
    {"silent", silent},                  // never says anything
    {"flood", floodConsole},             // writes to the console without end
    {"flood-channel", floodChannel},     // a line without end on the verdict channel
    {"warn", warn},                      // the kernel warns, the verdicts are good
    {"poweroff", powerOffEarly},         // powers off before everything is sent
    {"restart", restartEarly},           // the same with a reboot
    {"break-off", breakOff},             // powers off in the middle of a line
    {"end-and-stay", endAndStay},        // sends everything and never powers off
    {"arguments", sayArguments},         // says its further arguments
    {"disks", sayDisks},                 // says what is on the disks in its further arguments
    {"write", writeToDisks},             // writes to the disks in its further arguments
    {"echo", echoOnTerminal},            // sends the line that it reads from a terminal back to it
    {"cpus", sayProcessors},             // says how many processors it has
};

}  // namespace

int main(int count, char** values) {
  mount("proc", "/proc", "proc", 0, nullptr);
  mount("sysfs", "/sys", "sysfs", 0, nullptr);
  mount("devtmpfs", "/dev", "devtmpfs", 0, nullptr);
  std::string name, behaviour;
  for (int index = 1; index < count; ++index) {
    const std::string argument = values[index];
    if (argument == "--verdicts" && index + 1 < count) {
      name = values[++index];
    } else if (behaviour.empty()) {
      behaviour = argument;
    } else {
      rest.push_back(argument);
    }
  }
  openChannel(name);
  const auto found = behaviours.find(behaviour);
  if (found == behaviours.end()) {
    std::cerr << "unknown behaviour: " << behaviour << '\n';
    return 1;
  }
  found->second();
  return 1;
}
