# To be sourced: puts the Node.js that e2e/install.sh brought along, if it had to, before the system's.
for tuina_node in "$(dirname "${BASH_SOURCE[0]}")"/.node/node_modules/node-linux-*/bin; do
  if [ -x "$tuina_node/node" ]; then
    PATH="$(cd "$tuina_node" && pwd):$PATH"
    export PATH
  fi
done
unset tuina_node
