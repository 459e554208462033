#!/usr/bin/env bash
# A whole blind person's desktop, inside `dbus-run-session`: screen, window manager, accessibility bus, speech, Orca and
# Chromium with its remote control. Says "ready DISPLAY PORT" and stays until its standard input closes.
#   session.sh FOLDER URL      FOLDER is an empty working folder; FOLDER/speech.jsonl receives what Orca says
set -u
folder=$1 url=$2
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

export HOME=$folder TMPDIR=$folder/tmp
export XDG_DATA_HOME=$folder/share XDG_CONFIG_HOME=$folder/config XDG_CACHE_HOME=$folder/cache XDG_RUNTIME_DIR=$folder/run
export LANG=zh_CN.UTF-8 LC_ALL=zh_CN.UTF-8
export GTK_MODULES=gail:atk-bridge GNOME_ACCESSIBILITY=1 ACCESSIBILITY_ENABLED=1 NO_AT_BRIDGE=0
export TUINA_SPEECH_LOG=$folder/speech.jsonl
unset XAUTHORITY WAYLAND_DISPLAY
mkdir -p "$TMPDIR" "$XDG_DATA_HOME/orca" "$XDG_CONFIG_HOME/speech-dispatcher/modules" "$XDG_CACHE_HOME" "$XDG_RUNTIME_DIR"
chmod 700 "$XDG_RUNTIME_DIR"
: > "$TUINA_SPEECH_LOG"

exec 3> >(cat > "$folder/display")
Xvfb -displayfd 3 -screen 0 1280x1000x24 -nolisten tcp -ac > "$folder/xvfb.log" 2>&1 &
exec 3>&-
for _ in $(seq 100); do [ -s "$folder/display" ] && break; sleep 0.1; done
[ -s "$folder/display" ] || { echo "the screen (Xvfb) did not start: $(cat "$folder/xvfb.log")"; exit 1; }
DISPLAY=:$(tr -d '[:space:]' < "$folder/display")
export DISPLAY

gsettings set org.gnome.desktop.interface toolkit-accessibility true 2> /dev/null
gsettings set org.gnome.desktop.a11y.applications screen-reader-enabled true 2> /dev/null
openbox > "$folder/openbox.log" 2>&1 &
/usr/libexec/at-spi-bus-launcher --launch-immediately > "$folder/at-spi.log" 2>&1 &

# The module that makes no sound: the words are taken from Orca itself.
cat > "$XDG_CONFIG_HOME/speech-dispatcher/speechd.conf" << CONF
LogLevel 2
LogDir "$folder"
AddModule "silent" "sd_dummy" ""
DefaultModule silent
DefaultLanguage "zh"
DisableAutoSpawn
CONF
sleep 0.7
speech-dispatcher -s -C "$XDG_CONFIG_HOME/speech-dispatcher" -t 0 > "$folder/speech-dispatcher.log" 2>&1 &
sleep 0.5
cp "$here/orca-customizations.py" "$XDG_DATA_HOME/orca/"
orca --replace > "$folder/orca.log" 2>&1 &
for _ in $(seq 200); do [ -s "$TUINA_SPEECH_LOG" ] && break; sleep 0.1; done
[ -s "$TUINA_SPEECH_LOG" ] || { echo "Orca did not start to speak: $(tail -5 "$folder/orca.log")"; exit 1; }

"${CHROMIUM:-chromium}" --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking \
  --disable-component-update --disable-sync --force-renderer-accessibility --disable-features=Translate --lang=zh-CN --accept-lang=zh-CN \
  --remote-debugging-port=0 --user-data-dir="$folder/profile" --window-size=1200,900 --window-position=0,0 "$url" \
  > "$folder/chromium.log" 2>&1 &
for _ in $(seq 200); do [ -s "$folder/profile/DevToolsActivePort" ] && break; sleep 0.1; done
[ -s "$folder/profile/DevToolsActivePort" ] || { echo "Chromium did not start: $(tail -5 "$folder/chromium.log")"; exit 1; }
echo "ready $DISPLAY $(head -1 "$folder/profile/DevToolsActivePort")"

cat > /dev/null
# Everything started above is a child of this shell; the caller also ends the process group.
kill $(jobs -p) 2> /dev/null
wait
