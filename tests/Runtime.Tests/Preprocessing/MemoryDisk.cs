using System.Collections.Concurrent;
using PrivateInference.Runtime.Preprocessing;

namespace PrivateInference.Runtime.Tests.Preprocessing;

/// <summary>
/// A disk that forgets at a power failure what was not forced onto it: contents of files and names in folders, each by itself. At a chosen
/// operation the power fails, or that operation alone does.
/// </summary>
internal sealed class MemoryDisk : IStoreFiles
{
    private readonly Dictionary<string, Node> _names;
    private readonly Dictionary<string, Node> _durableNames;
    private readonly HashSet<string> _folders;
    private readonly TimeProvider _clock;
    private bool _isDead;

    public MemoryDisk(TimeProvider? clock = null)
        : this([], [], clock ?? TimeProvider.System, new ConcurrentQueue<string>())
    {
    }

    private MemoryDisk(Dictionary<string, Node> names, HashSet<string> folders, TimeProvider clock, ConcurrentQueue<string> reads)
    {
        _names = names;
        _durableNames = new Dictionary<string, Node>(names);
        _folders = folders;
        _clock = clock;
        Reads = reads;
    }

    /// <summary>Files of which something beyond the header was read, over all lives of the disk.</summary>
    public ConcurrentQueue<string> Reads { get; }

    /// <summary>Operations that changed something, or waited for it.</summary>
    public int Operations { get; private set; }

    /// <summary>The operation that does not happen, counted from 1; a write happens by half. 0 for none.</summary>
    public int FailAt { get; set; }

    /// <summary>Whether that one alone fails, and not the power.</summary>
    public bool FailsOnce { get; set; }

    public long Free { get; set; } = long.MaxValue;

    public Dictionary<string, Node> Files => _names;

    /// <summary>What is there after a power failure.</summary>
    /// <param name="lossy">Whether nothing survives that was not forced; otherwise everything does.</param>
    public MemoryDisk Restart(bool lossy) => Copy(lossy, Reads);

    /// <summary>Another disk with the same files.</summary>
    public MemoryDisk Copy() => Copy(lossy: false, []);

    private MemoryDisk Copy(bool lossy, ConcurrentQueue<string> reads)
    {
        Dictionary<Node, Node> nodes = [];
        Dictionary<string, Node> names = (lossy ? _durableNames : _names).ToDictionary(
            n => n.Key,
            n => nodes.TryGetValue(n.Value, out Node? node) ? node : nodes[n.Value] = new Node(lossy ? n.Value.Durable : n.Value.Content, n.Value.Written));
        return new MemoryDisk(names, [.. _folders], _clock, reads);
    }

    public void CreateFolder(string path)
    {
        lock (_names)
        {
            if (!_folders.Contains(path))
                Count();
            _folders.Add(path);
        }
    }

    public IStoreFile Create(string path)
    {
        lock (_names)
        {
            Count();
            Node node = new([], _clock.GetUtcNow());
            if (!_names.TryAdd(path, node))
                throw new IOException($"{path} exists.");
            return new Handle(this, node, path);
        }
    }

    public IStoreFile? TryOpen(string path)
    {
        lock (_names)
            return !_isDead && _names.TryGetValue(path, out Node? node) && !node.IsHeld ? new Handle(this, node, path) : null;
    }

    public bool TryRename(string from, string to)
    {
        lock (_names)
        {
            Count();
            if (!_names.Remove(from, out Node? node))
                return false;
            _names[to] = node;
            return true;
        }
    }

    public bool TryRenameToFree(string from, string to)
    {
        lock (_names)
            return !_names.ContainsKey(to) && TryRename(from, to);
    }

    public void Delete(string path)
    {
        lock (_names)
        {
            Count();
            _names.Remove(path);
        }
    }

    public void SyncFolder(string path)
    {
        lock (_names)
        {
            Count();
            foreach (string name in _durableNames.Keys.Where(n => Path.GetDirectoryName(n) == path).ToArray())
                _durableNames.Remove(name);
            foreach ((string name, Node node) in _names.Where(n => Path.GetDirectoryName(n.Key) == path))
                _durableNames[name] = node;
        }
    }

    public IReadOnlyList<StoreEntry> List(string folder)
    {
        lock (_names)
            return [.. _names.Where(n => Path.GetDirectoryName(n.Key) == folder).Select(n => new StoreEntry(Path.GetFileName(n.Key), n.Value.Content.Length, n.Value.Written))];
    }

    public IReadOnlyList<string> Folders(string folder)
    {
        lock (_names)
            return [.. _folders.Where(f => Path.GetDirectoryName(f) == folder).Select(f => Path.GetFileName(f)!)];
    }

    public long FreeBytes(string folder) => Free;

    private bool Count(bool fails = true)
    {
        if (_isDead)
            throw new PowerFailure();
        if (++Operations != FailAt)
            return false;
        _isDead = !FailsOnce;
        return fails ? throw Failure() : true;
    }

    private Exception Failure() => FailsOnce ? new IOException("The disk fails.") : new PowerFailure();

    /// <summary>Not an error that anyone could handle.</summary>
    internal sealed class PowerFailure : Exception;

    internal sealed class Node(byte[] content, DateTimeOffset written)
    {
        public byte[] Content { get; set; } = content;

        public byte[] Durable { get; set; } = content;

        public DateTimeOffset Written { get; } = written;

        public bool IsHeld { get; set; }
    }

    private sealed class Handle : IStoreFile
    {
        private readonly MemoryDisk _disk;
        private readonly Node _node;
        private readonly string _path;

        public Handle(MemoryDisk disk, Node node, string path)
        {
            _disk = disk;
            _node = node;
            _path = path;
            node.IsHeld = true;
        }

        public long Length => _node.Content.Length;

        public void Write(long offset, ReadOnlySpan<byte> bytes)
        {
            lock (_disk._names)
            {
                bool fails = _disk.Count(fails: false);
                if (fails)
                    bytes = bytes[..(bytes.Length / 2)];
                byte[] content = new byte[Math.Max(_node.Content.Length, offset + bytes.Length)];
                _node.Content.CopyTo(content, 0);
                bytes.CopyTo(content.AsSpan((int)offset));
                _node.Content = content;
                if (fails)
                    throw _disk.Failure();
            }
        }

        public void Read(long offset, Span<byte> bytes)
        {
            lock (_disk._names)
            {
                if (offset >= ItemHeader.Size)
                    _disk.Reads.Enqueue(Path.GetFileNameWithoutExtension(_path) + "@" + offset);
                if (offset + bytes.Length > _node.Content.Length)
                    throw new EndOfStreamException();
                _node.Content.AsSpan((int)offset, bytes.Length).CopyTo(bytes);
            }
        }

        public void Sync()
        {
            lock (_disk._names)
            {
                _disk.Count();
                _node.Durable = _node.Content;
            }
        }

        public void Dispose()
        {
            lock (_disk._names)
                _node.IsHeld = false;
        }
    }
}
