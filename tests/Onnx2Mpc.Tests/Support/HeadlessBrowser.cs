using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace PrivateInference.CommandLine.Tests.Support;

/// <summary>Chromium without a window, showing one file.</summary>
internal sealed class HeadlessBrowser : IDisposable
{
    private static readonly string[] s_names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome.exe", "msedge.exe"];
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly string _profile;
    private DevToolsConnection? _page;

    private HeadlessBrowser(string program)
    {
        _profile = Directory.CreateTempSubdirectory("onnx2mpc-browser-").FullName;
        ProcessStartInfo start = new(program) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true };
        // Without a sandbox, which containers do not allow: it shows nothing but files of this project.
        foreach (string argument in new[]
        {
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--remote-debugging-port=0", $"--user-data-dir={_profile}", "about:blank",
        })
            start.ArgumentList.Add(argument);
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, _) => { };
        _process.OutputDataReceived += (_, _) => { };
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
    }

    /// <summary>The browser: what <c>CHROMIUM</c> names, or the first on the path; null where there is none.</summary>
    public static string? Program { get; } = Environment.GetEnvironmentVariable("CHROMIUM") is { Length: > 0 } given
        ? given
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .SelectMany(folder => s_names.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);

    /// <summary>Errors and warnings of the page: its console's, and the browser's about it.</summary>
    public IReadOnlyList<string> Problems => [.. _page!.Events.Where(IsProblem).Select(e => e["params"]!.ToJsonString())];

    /// <summary>Addresses that the page asked for, its own first.</summary>
    public IReadOnlyList<string> Requests
        => [.. _page!.Events.Where(e => (string?)e["method"] == "Network.requestWillBeSent").Select(e => (string)e["params"]!["request"]!["url"]!)];

    public static async Task<HeadlessBrowser> ShowAsync(string file, int width = 1280, bool dark = false)
    {
        Skip.If(Program is null, "no Chromium on the path; CHROMIUM names one that is elsewhere");
        HeadlessBrowser browser = new(Program!);
        try
        {
            await browser.OpenAsync(file, width, dark);
            return browser;
        }
        catch
        {
            browser.Dispose();
            throw;
        }
    }

    /// <summary>The value of an expression that gives text.</summary>
    public async Task<string> EvaluateAsync(string expression)
    {
        JsonNode answer = await _page!.CallAsync("Runtime.evaluate", new { expression });
        Assert.Null(answer["exceptionDetails"]);
        return answer["result"]!["value"]?.ToString() ?? "";
    }

    public async Task PressAsync(string key, int code)
    {
        await _page!.CallAsync("Input.dispatchKeyEvent", new { type = "rawKeyDown", key, code = key, windowsVirtualKeyCode = code });
        await _page.CallAsync("Input.dispatchKeyEvent", new { type = "keyUp", key, code = key, windowsVirtualKeyCode = code });
    }

    /// <summary>A PNG of the page from its top.</summary>
    /// <param name="height">So many pixels of it; the whole page where null.</param>
    public async Task<byte[]> ScreenshotAsync(int? height = null)
    {
        int width = int.Parse(await EvaluateAsync("document.documentElement.clientWidth"), System.Globalization.CultureInfo.InvariantCulture);
        int whole = int.Parse(await EvaluateAsync("document.documentElement.scrollHeight"), System.Globalization.CultureInfo.InvariantCulture);
        JsonNode answer = await _page!.CallAsync("Page.captureScreenshot", new
        {
            format = "png",
            captureBeyondViewport = true,
            clip = new { x = 0, y = 0, width, height = height ?? whole, scale = 1 },
        });
        return Convert.FromBase64String((string)answer["data"]!);
    }

    public void Dispose()
    {
        _page?.Dispose();
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
        try
        {
            Directory.Delete(_profile, recursive: true);
        }
        catch (IOException)
        {
            // A helper process may still write there; the folder is a temporary one.
        }
    }

    private static bool IsProblem(JsonNode happening) => (string?)happening["method"] switch
    {
        "Runtime.exceptionThrown" => true,
        "Log.entryAdded" => (string?)happening["params"]!["entry"]!["level"] is "error" or "warning",
        "Runtime.consoleAPICalled" => (string?)happening["params"]!["type"] is "error" or "warning" or "assert",
        _ => false,
    };

    private async Task OpenAsync(string file, int width, bool dark)
    {
        _page = await DevToolsConnection.OpenAsync(await PageAddressAsync());
        foreach (string domain in new[] { "Page", "Network", "Runtime", "Log" })
            await _page.CallAsync($"{domain}.enable");
        await _page.CallAsync("Emulation.setDeviceMetricsOverride", new { width, height = 900, deviceScaleFactor = 1, mobile = width < 600 });
        await _page.CallAsync("Emulation.setEmulatedMedia", new { features = new[] { new { name = "prefers-color-scheme", value = dark ? "dark" : "light" } } });
        await _page.CallAsync("Page.navigate", new { url = new Uri(file).AbsoluteUri });
        await _page.WaitForAsync("Page.loadEventFired");
    }

    // The browser writes the port that it chose into its profile.
    private async Task<Uri> PageAddressAsync()
    {
        string portFile = Path.Combine(_profile, "DevToolsActivePort");
        Stopwatch watch = Stopwatch.StartNew();
        while (!File.Exists(portFile) || !File.ReadAllText(portFile).Contains('\n', StringComparison.Ordinal))
        {
            Assert.True(watch.Elapsed < Limit && !_process.HasExited, "Chromium did not start.");
            await Task.Delay(20);
        }

        using HttpClient client = new();
        JsonArray pages = (await client.GetFromJsonAsync<JsonArray>($"http://127.0.0.1:{File.ReadLines(portFile).First()}/json/list"))!;
        return new Uri((string)pages.First(p => (string?)p!["type"] == "page")!["webSocketDebuggerUrl"]!);
    }
}
