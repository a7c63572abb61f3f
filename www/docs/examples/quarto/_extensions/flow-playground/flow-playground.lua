-- {{< flow-playground preset=couplings data=rings >}}: a live playground where the document is a page, a link to it on paper.
-- Any attribute of the element can be given; `preset` is a comparison of the playground's, with what is set beside it.

-- begin generated
local PRESETS = {
  ["nf-vs-fm"] = {},
  ["normalizing-flows"] = { ["panels"] = "normalizing-flow,coupling-flow", ["data"] = "8-gaussians" },
  ["fm-vs-diffusion"] = { ["panels"] = "flow-matching,ddpm" },
  ["couplings"] = { ["panels"] = "flow-matching,ot-coupling", ["columns"] = "straightness" },
  ["reflow"] = { ["panels"] = "reflow;method.rounds:0,reflow;method.rounds:1,reflow;method.rounds:2,reflow;method.rounds:3" },
  ["one-step"] = { ["panels"] = "distilled,mean-flow,shortcut", ["steps"] = "1", ["sampler"] = "few-steps" },
  ["jko-blocks"] = { ["panels"] = "jko-iflow;method.blocks:1,jko-iflow;method.blocks:2,jko-iflow;method.blocks:4,jko-iflow;method.blocks:6" },
  ["exact-vs-learned"] = { ["panels"] = "exact-field,flow-matching", ["data"] = "8-gaussians" },
  ["guidance"] = { ["panels"] = "flow-matching;guidance:0;condition.kind:class,flow-matching;guidance:1;condition.kind:class,flow-matching;guidance:3;condition.kind:class", ["data"] = "8-gaussians", ["asked"] = "0" },
  ["class-couplings"] = { ["panels"] = "ot-coupling;condition.kind:class;condition.pairs:across,ot-coupling;condition.kind:class;condition.pairs:within", ["data"] = "8-gaussians", ["asked"] = "0" },
  ["pictures"] = { ["panels"] = "flow-matching,ot-coupling,ddpm", ["data"] = "drawn-digits", ["network"] = "u-net", ["columns"] = "frechet" },
  ["few-step-pictures"] = { ["panels"] = "flow-matching,distilled,mean-flow", ["data"] = "drawn-digits", ["network"] = "u-net", ["budget"] = "seconds/60", ["solver"] = "euler", ["steps"] = "4", ["sampler"] = "few-steps", ["columns"] = "frechet" },
  ["likelihood-of-pictures"] = { ["data"] = "drawn-digits", ["network"] = "u-net" },
  ["inference"] = { ["panels"] = "exact-field;condition.kind:numbers,flow-matching;condition.kind:numbers,ddpm;condition.kind:numbers", ["data"] = "linear-gaussian", ["observed"] = "1" },
  ["two-moons-inference"] = { ["panels"] = "flow-matching;condition.kind:numbers,ddpm;condition.kind:numbers", ["data"] = "two-moons-sbi", ["observed"] = "0/0" },
  ["snapshots"] = { ["panels"] = "snapshots;snapshots.leaveOut:2", ["data"] = "branching", ["columns"] = "left-out-w1" },
  ["one-dimension"] = { ["panels"] = "normalizing-flow,flow-matching,ot-coupling,ddpm", ["data"] = "bimodal", ["columns"] = "straightness" },
  ["sphere"] = { ["panels"] = "flow-matching,ot-coupling", ["data"] = "von-mises-fisher", ["columns"] = "w2,transport-cost" },
  ["boltzmann-generator"] = { ["panels"] = "coupling-flow;method.maps:spline;method.objective:reverse-kl,coupling-flow;draws:chain;method.maps:spline,flow-matching;draws:chain", ["data"] = "double-well", ["columns"] = "ess,log-z,delta-f" },
}
-- Those of a link, and those of an element alone.
local ATTRIBUTES = {
  ["panels"] = "link",
  ["method"] = "link",
  ["data"] = "link",
  ["noise"] = "link",
  ["angles"] = "link",
  ["seed"] = "link",
  ["width"] = "link",
  ["depth"] = "link",
  ["network"] = "link",
  ["side"] = "link",
  ["temperature"] = "link",
  ["draws"] = "link",
  ["budget"] = "link",
  ["solver"] = "link",
  ["steps"] = "link",
  ["sampler"] = "link",
  ["epsilon"] = "link",
  ["churn"] = "link",
  ["grid"] = "link",
  ["asked"] = "link",
  ["observed"] = "link",
  ["guidance"] = "link",
  ["layers"] = "link",
  ["colors"] = "link",
  ["particles"] = "link",
  ["t"] = "link",
  ["play"] = "link",
  ["motion"] = "link",
  ["loop"] = "link",
  ["speed"] = "link",
  ["camera"] = "link",
  ["plane"] = "link",
  ["inspect"] = "link",
  ["quality"] = "link",
  ["quality-line"] = "link",
  ["columns"] = "link",
  ["above-floor"] = "link",
  ["hide"] = "link",
  ["theme"] = "link",
  ["points"] = "link",
  ["link"] = "element",
  ["device"] = "element",
  ["poster"] = "element",
  ["label"] = "element",
  ["autoplay"] = "element",
  ["site"] = "element",
}
-- end generated

local DEFAULT_HEIGHT = "640"
local has_script = false

local function escaped(text)
  return (text:gsub("[&<>\"]", { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;" }))
end

local function encoded(text)
  return (text:gsub("[^%w%-%._~,:;/]", function(one) return string.format("%%%02X", one:byte()) end))
end

-- The folder that the playground is served from, with its slash.
local function site_of(given, meta)
  local named = given
  if named == nil and meta["flow-playground"] ~= nil then
    named = pandoc.utils.stringify(meta["flow-playground"].site or "")
  end
  if named == nil or named == "" then
    error("flow-playground: say where the playground is served from: `flow-playground: site: https://…/` in the document's metadata.")
  end
  return (named:gsub("/*$", "/"))
end

local function settings_of(kwargs)
  local settings, own = {}, {}
  for name, value in pairs(kwargs) do
    local text = pandoc.utils.stringify(value)
    if text ~= "" then own[name] = text end
  end
  if own.preset ~= nil then
    local preset = PRESETS[own.preset]
    if preset == nil then error("flow-playground: there is no preset “" .. own.preset .. "”.") end
    for name, text in pairs(preset) do settings[name] = text end
  end
  for name, text in pairs(own) do
    if name ~= "preset" and name ~= "height" and name ~= "site" then
      if not ATTRIBUTES[name] then error("flow-playground: there is no setting “" .. name .. "”.") end
      settings[name] = text
    end
  end
  return settings, own
end

local function sorted(settings)
  local names = {}
  for name in pairs(settings) do names[#names + 1] = name end
  table.sort(names)
  return names
end

local function element(settings, height)
  local attributes = {}
  for _, name in ipairs(sorted(settings)) do
    attributes[#attributes + 1] = name .. '="' .. escaped(settings[name]) .. '"'
  end
  local style = 'style="display: block; height: ' .. escaped(height) .. 'px"'
  return "<flow-playground " .. table.concat(attributes, " ") .. " " .. style .. "></flow-playground>"
end

local function address(site, settings)
  local said = {}
  for _, name in ipairs(sorted(settings)) do
    if ATTRIBUTES[name] == "link" then said[#said + 1] = name .. "=" .. encoded(settings[name]) end
  end
  said[#said + 1] = "v=1"
  return site .. "index.html#" .. (settings.link or table.concat(said, "&"))
end

return {
  ["flow-playground"] = function(_, kwargs, meta)
    local settings, own = settings_of(kwargs)
    local site = site_of(own.site, meta)
    if not quarto.doc.is_format("html:js") then
      local url = address(site, settings)
      return pandoc.Para({ pandoc.Str("Live: "), pandoc.Link(url, url) })
    end
    if not has_script then
      has_script = true
      local script = '<script type="module" src="' .. escaped(site) .. 'flow-playground-element.js"></script>'
      quarto.doc.include_text("in-header", script)
    end
    return pandoc.RawBlock("html", element(settings, own.height or DEFAULT_HEIGHT))
  end,
}
